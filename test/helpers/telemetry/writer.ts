/** Tells of events without an end, and prints the number of each once it is out of this process's reach. */
import { HecTelemetry } from '../../../container/helpers/telemetry/telemetry.ts';

const [folder, url] = process.argv.slice(2);
const telemetry = new HecTelemetry(
  {
    folder,
    maxSpoolBytes: 64e6,
    source: 'writer',
    dimensions: {},
    collector: { url, token: 'T', ack: false },
  },
  (error) => {
    throw error;
  },
);
for (let n = 0; ; n++) {
  telemetry.event({ sourcetype: 'event', fields: { n } });
  await new Promise(setImmediate);
  process.stdout.write(`${n}\n`);
}
