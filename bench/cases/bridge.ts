import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { measurements } from '../data.ts';
import { drive, getinfo, MB } from '../driver.ts';
import { absentPython, PYTHON, versionsOf } from '../environment.ts';
import type { Contestant } from '../measure.ts';
import { startSink } from '../sink.ts';
import { startSplunkd } from '../splunkd.ts';
import { makeSplunkHome, program } from '../stage.ts';
import { sampleOf } from './apply.ts';

const ECHO = 'Node echo';
const rows = () => measurements(1_000_000);

function echo(): Contestant {
  const command = { argv: [process.execPath, 'bench/peers/echo.mjs'] };
  return {
    name: ECHO,
    rows: 1_000_000,
    run: async () =>
      sampleOf(await drive(command, { chunks: rows(), getinfo: getinfo('echo', ''), pipe: MB })),
  };
}

/** The real command in front of a runtime that reads bodies and answers shortly: only the bridge is left. */
export const bridge: Case = {
  name: 'bridge',
  title: '1,000,000 rows to a runtime that only reads them, against a command that only echoes',
  rounds: 5,
  open: () =>
    Closing.around(async (closing) => {
      const sink = await startSink('discard');
      closing.add(() => sink.close());
      const splunkd = await startSplunkd();
      closing.add(() => splunkd.close());
      const head = mkdtempSync(join(tmpdir(), 'kepler-bridge-'));
      closing.add(() => rmSync(head, { recursive: true, force: true }));
      const command = { argv: [...program(), 'fit'], env: { SPLUNK_HOME: makeSplunkHome(head, sink.url) } };
      const asked = getinfo('fit', 'LinearRegression x1 from x2 into m', { splunkdUri: splunkd.url });
      return {
        contestants: [
          {
            name: 'Kepler bridge',
            rows: 1_000_000,
            run: async () =>
              sampleOf(
                await drive(command, {
                  chunks: rows(),
                  getinfo: asked,
                  pipe: MB,
                }),
              ),
          },
          echo(),
        ],
        baseline: ECHO,
        goals: [{ contestant: 'Kepler bridge', atLeast: 0.5 }],
        close: () => closing.close(),
      };
    }),
};

/** What a million rows cost through the Python SDK, which most search commands are written with. */
export const sdkEcho: Case = {
  name: 'sdk-echo',
  title: "1,000,000 rows through the Python SDK's echo, against an echo in Node",
  rounds: 3,
  open: async () => {
    const absent = absentPython(PYTHON.dsdl, ['splunk-sdk']);
    const command = { argv: [PYTHON.dsdl, 'bench/peers/sdk_echo.py'] };
    return {
      contestants: [
        {
          name: 'Python SDK, StreamingCommand',
          rows: 1_000_000,
          absent,
          rounds: 2,
          run: async () =>
            sampleOf(await drive(command, { chunks: rows(), getinfo: getinfo('echo', ''), pipe: MB })),
        },
        echo(),
      ],
      baseline: 'Python SDK, StreamingCommand',
      notes: absent ? [] : [`peer: ${versionsOf(PYTHON.dsdl, ['splunk-sdk'])}`],
      close: async () => {},
    };
  },
};
