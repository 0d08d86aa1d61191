import { readFileSync } from 'node:fs';
import { publishTemplate } from '../../../container/templates/publish.ts';
import { TemplateStore } from '../../../container/templates/store.ts';
import { Bench, into } from '../../jobs/harness.ts';
import { PYTHON } from '../../onnx/python.ts';
import { folder, optionsFor, withPython } from './harness.ts';

const FILE = 'SklearnTextClassifier.py';
const DATA = readFileSync('examples/templates/data/log_messages.csv', 'utf8');

withPython('the example in Python is published as it is, and tells its messages apart', async () => {
  const bench = new Bench({
    applyWorkers: 1,
    fitWorkers: 1,
    python: { command: PYTHON, environments: '/none' },
  });
  try {
    // Without the requirements beside it: the tests' Python has them.
    const published = await publishTemplate(
      `${folder('sources')}/${FILE}`,
      readFileSync(`examples/templates/${FILE}`, 'utf8'),
      {
        ...optionsFor(),
        store: new TemplateStore(bench.settings.templateFolder),
      },
    );
    expect(published).toMatchObject({ kind: 'classifier', prepare: 'none' });
    const [reply] = await bench.fit(
      {
        algorithm: 'SklearnTextClassifier',
        targets: ['kind'],
        fields: ['message'],
        holdout: 0.25,
        holdoutSeed: 1,
        into: into('log_kinds'),
      },
      [DATA],
    );
    expect(reply.meta.messages.map(({ text }) => text).join()).toMatch(
      /Measured on \d+ rows that were held out/,
    );
    const applied = await bench.apply(
      { model: { namespace: 'user', name: 'log_kinds' }, options: { probabilities: 'true' } },
      DATA,
    );
    const [header, ...lines] = applied.csv.trimEnd().split('\n');
    expect(header).toMatch(/^message,kind,"?predicted\(kind\)"?,"?probability\(kind=/);
    const right = lines.filter((line) => {
      const [, kind, predicted] = /^(?:"(?:[^"]|"")*"|[^,]*),([^,]*),([^,]*)/.exec(line)!;
      return kind === predicted;
    });
    expect(right.length / lines.length).toBeGreaterThan(0.9);
  } finally {
    await bench.close();
  }
});
