// The real worker, made to fail where a fit asks for it by its target's name: "crash" ends the thread, "hang" never returns.
import '../../dist/runtime/worker.mjs';
import { parentPort } from 'node:worker_threads';

let target;
parentPort.on('message', (question) => {
  if (question.ask === 'open') target = question.job.spec.targets?.[0];
  if (question.ask !== 'finish') return;
  if (target === 'crash') process.exit(3);
  if (target === 'hang') for (;;);
});
