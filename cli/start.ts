import type { RuntimeAddress } from '../sandbox/runtime/supervisor.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import { removeState, writeState } from '../sandbox/state-file.ts';
import { SandboxBusy, lockSandbox } from './sandbox-access.ts';
import { tellable } from './tellable.ts';
import { terminalFor } from './terminal.ts';
import { repositoryRoot, stateFolder } from './where.ts';

/** `kepler start`: the sandbox stays up until SIGINT or SIGTERM. Gives the exit status. */
export async function start(): Promise<number> {
  const root = repositoryRoot();
  const state = stateFolder(root);
  const style = terminalFor(process.stdout);
  let unlock: () => void;
  try {
    unlock = lockSandbox(state);
  } catch (error) {
    if (!(error instanceof SandboxBusy)) throw error;
    console.error(error.message);
    return 1;
  }
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
    process.once('SIGHUP', resolve);
  });
  let sandbox: Sandbox | undefined;
  try {
    sandbox = await Sandbox.start({
      root,
      state,
      onRuntime: (address) => {
        // The first start is told below, with everything else.
        if (sandbox) restarted(sandbox, state, address);
      },
      onRuntimeDeath: (how) => console.error(`runtime ${how}; starting it again`),
    });
    const { info } = sandbox;
    writeState(state, info);
    console.log(style.bold('Kepler sandbox is up.'));
    console.log(`export SPLUNK_HOME=${info.splunkHome}`);
    console.log(`runtime pid ${info.runtime.pid}`);
    console.log(`runtime ${info.runtime.url} ${info.runtime.socket}`);
    console.log(`splunkd ${info.splunkd}`);
    console.log(`hec ${info.hec.url}`);
    console.log(`dsdl ${info.dsdl.url}`);
    console.log(`web ${info.web.url}/en-US/app/kepler`);
    for (const { name, password, roles } of info.web.users) {
      // Passwords are for a person's eyes; whatever else reads this finds them in the state file.
      const secret = process.stdout.isTTY ? `, password ${password}` : '';
      console.log(style.dim(`  ${name} (${roles.join(', ')})${secret}`));
    }
    console.log(style.dim(`runtime log ${sandbox.runtimeLog}`));
    console.log(`Search with: npm run --silent search -- '| makeresults count=3'`);
    console.log(style.dim('Ctrl-C ends it; models stay.'));
    const signal = await stopped;
    console.log(`${signal}: ending.`);
    return 0;
  } finally {
    removeState(state);
    await sandbox?.stop();
    unlock();
  }
}

function restarted(sandbox: Sandbox, state: string, address: RuntimeAddress): void {
  try {
    writeState(state, { ...sandbox.info, runtime: address });
  } catch (error) {
    const text = tellable(error, state);
    if (text === undefined) throw error;
    console.error(text);
  }
  console.log(`runtime pid ${address.pid}`);
  console.log(`runtime ${address.url} ${address.socket}`);
}
