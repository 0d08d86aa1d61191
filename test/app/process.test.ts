import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appendTo,
  errorReply,
  jsonReply,
  reply,
  SmallRuntime,
  spliceReply,
} from '../bridge/small-runtime.ts';
import { frame, framesOf } from '../protocol/sources.ts';
import { until } from '../eventually.ts';
import { CommandProcess, errorsOf, getinfo, type ReplyFrame } from './splunkd.ts';

let runtime: SmallRuntime;
let home: string;
let env: Record<string, string>;

beforeEach(async () => {
  runtime = await new SmallRuntime().listen();
  home = mkdtempSync(join(tmpdir(), 'kepler-home-'));
  env = { SPLUNK_HOME: home, KEPLER_RUNTIME_URL: runtime.url };
});
afterEach(async () => {
  await runtime.close();
  rmSync(home, { recursive: true, force: true });
});

const version = { namespace: 'user', name: 'm', version: 3 } as const;
const plan = jsonReply({ version, algorithm: 'LinearRegression', requiredFields: ['a', 'b'] });

/** Answers a plan and splices predictions into every chunk. */
function applying(): void {
  runtime.handler = (request) =>
    request.path === '/v1/apply/plan'
      ? plan
      : spliceReply(
          { messages: [], version },
          appendTo(request.body, 'p', (row) => String(row)),
        );
}

/**
 * `apply`, once a plan has come in time: it waits for it for a fifth of a second, so as to hold up no search, and a busy
 * machine may take longer. What was asked of the runtime before is forgotten.
 */
async function planned(): Promise<{ command: CommandProcess; metadata: ReplyFrame['metadata'] }> {
  for (;;) {
    runtime.requests.length = 0;
    const command = new CommandProcess('apply', env);
    const { metadata } = await command.getinfo('m');
    if (metadata.required_fields?.join() !== '*') return { command, metadata };
    await command.end();
  }
}

describe('apply', () => {
  it('plans, pins the version, weaves every chunk, and ends', async () => {
    applying();
    const { command, metadata } = await planned();
    expect(metadata).toEqual({ type: 'stateful', required_fields: ['a', 'b'] });
    const first = await command.execute('a,b,_chunked_idx\n1,"x,",0\n2,y,1\n', false);
    expect(first.body).toBe('a,b,_chunked_idx,p\n1,"x,",0,0\n2,y,1,1\n');
    expect(first.metadata.finished).toBe(false);
    const last = await command.execute('b,a\r\n1,2\r\n', true);
    expect(last).toMatchObject({ metadata: { finished: true }, body: 'b,a,p\n1,2,0\n' });
    expect(await command.exit).toBe(0);
    expect(command.stderr).toBe('');
    const [, one, two] = runtime.requests;
    expect(one.meta).toMatchObject({ chunk: 0, finished: false, search: { sid: '1700000000.1' } });
    expect(two.meta).toMatchObject({ chunk: 1, finished: true, spec: { model: { version: 3, name: 'm' } } });
    expect(two.meta).not.toHaveProperty('search');
    expect(new Set(runtime.requests.map((request) => request.connection)).size).toBe(1);
    expect(one.headers.get('authorization')).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('asks nothing of network or disk in a probe', async () => {
    for (const sid of ['', 'tmp', 'searchparsetmp_2', '12_tmp']) {
      const command = new CommandProcess('apply', env);
      expect((await command.getinfo('m', { sid })).metadata).toEqual({
        type: 'stateful',
        required_fields: ['*'],
      });
      expect(await command.end()).toBe(0);
      expect(command.rest).toBe('');
    }
    expect(runtime.requests).toHaveLength(0);
    expect(existsSync(join(home, 'var'))).toBe(false);
  });

  it('asks for all fields where the plan does not come in time, and pins what the first chunk was given', async () => {
    let late: () => void;
    const asked = new Promise<void>((resolve) => (late = resolve));
    runtime.handler = async (request) => {
      if (request.path === '/v1/apply/plan') await asked;
      return request.path === '/v1/apply/plan'
        ? plan
        : spliceReply(
            { messages: [], version },
            appendTo(request.body, 'p', () => '1'),
          );
    };
    const command = new CommandProcess('apply', env);
    expect((await command.getinfo('m')).metadata.required_fields).toEqual(['*']);
    late!();
    expect((await command.execute('a\n1\n', false)).body).toBe('a,p\n1,1\n');
    expect((await command.execute('a\n2\n', true)).body).toBe('a,p\n2,1\n');
    expect(runtime.requests.at(-1)?.meta.spec).toMatchObject({ model: { version: 3 } });
  });

  it('passes a reply of CSV on, and messages once', async () => {
    runtime.handler = (request) =>
      request.path === '/v1/apply/plan'
        ? plan
        : reply(
            { messages: [{ level: 'WARN', text: 'odd' }], metrics: { rows: 2 }, version },
            'a,p\n1,"é"\n',
            { step: 1 },
          );
    const command = new CommandProcess('apply', env);
    await command.getinfo('m');
    const first = await command.execute('a\n1\n', false);
    expect(first.body).toBe('a,p\n1,"é"\n');
    expect(first.metadata.inspector?.messages).toContainEqual(['WARN', 'odd']);
    expect(first.metadata.inspector).toHaveProperty(['metric.kepler.rows'], [0, 1, 2, 2]);
    const second = await command.execute('a\n1\n', true);
    expect(second.metadata.inspector?.messages).toBeUndefined();
  });

  it('takes input a byte at a time, blank lines and large chunks', async () => {
    applying();
    const command = new CommandProcess('apply', env);
    await command.getinfo('m');
    const line = '"1.25","-3.5",text with blanks\n';
    const chunk = Buffer.from('a,b,c\n' + line.repeat(60_000));
    const large = await command.execute(chunk, false);
    expect(large.body.length).toBe(
      chunk.length + 2 + Array.from({ length: 60_000 }, (_, i) => `,${i}`).join('').length,
    );
    for (const byte of Buffer.concat([
      Buffer.from('\n\n'),
      frame({ action: 'execute', finished: true }, 'a\n1\n'),
    ])) {
      command.write(Buffer.from([byte]));
      if (byte % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect((await command.reply()).body).toBe('a,p\n1,0\n');
    expect(await command.exit).toBe(0);
  });

  it('sends a chunk again when a kept-alive connection died in between', async () => {
    let chunks = 0;
    runtime.handler = (request) => {
      if (request.path === '/v1/apply/plan') return plan;
      if (++chunks === 2) return { close: true };
      return spliceReply(
        { messages: [], version },
        appendTo(request.body, 'p', () => '9'),
      );
    };
    const command = new CommandProcess('apply', env);
    await command.getinfo('m');
    expect((await command.execute('a\n1\n', false)).body).toBe('a,p\n1,9\n');
    expect((await command.execute('a\n2\n', true)).body).toBe('a,p\n2,9\n');
    expect(chunks).toBe(3);
  });

  it('never passes rows through where the runtime fails', async () => {
    const failures = {
      'a refusal': {
        answer: errorReply('model_not_found', 'There is no model m.'),
        says: /There is no model m\./,
      },
      'a lost runtime': { answer: { close: true }, says: /ended the connection in the middle/ },
      'half a head': {
        answer: { bytes: Buffer.from('HTTP/1.1 200'), close: true },
        says: /ended the connection/,
      },
      'another program': {
        answer: jsonReply({}, 200, { 'kepler-contract': '' }),
        says: /cannot be read|of the contract/,
      },
      'another contract': {
        answer: jsonReply({}, 200, { 'kepler-contract': '9' }),
        says: /version 9 of the contract/,
      },
      'a list for other rows': {
        answer: spliceReply(
          { messages: [] },
          appendTo(Buffer.from('a\n1\n2\n3\n'), 'p', () => '1'),
        ),
        says: /does not fit the rows/,
      },
      'no HTTP': {
        answer: { bytes: Buffer.from('hello\r\n\r\n') },
        says: /does not speak as a Kepler runtime/,
      },
    };
    for (const { answer, says } of Object.values(failures)) {
      runtime.handler = (request) => (request.path === '/v1/apply/plan' ? plan : answer);
      const command = new CommandProcess('apply', env);
      await command.getinfo('m');
      const failed = await command.execute('a\n1\n', true);
      expect(failed.body).toBe('');
      expect(failed.metadata.finished).toBe(true);
      expect(errorsOf(failed)).toEqual([failed.metadata.error]);
      expect(failed.metadata.error).toMatch(says);
      expect(Object.keys(failed.metadata)[0]).toBe('inspector');
      expect(await command.exit).toBe(0);
      expect(command.stderr + command.rest).toBe('');
    }
  });

  it('exits with 1, and a reply that is cut short, where the runtime is lost in the middle of its rows', async () => {
    const whole = reply({ messages: [], version }, 'a,p\n' + '1,2\n'.repeat(1000)).bytes!;
    runtime.handler = (request) =>
      request.path === '/v1/apply/plan' ? plan : { bytes: whole.subarray(0, whole.length - 10), close: true };
    const command = new CommandProcess('apply', env);
    await command.getinfo('m');
    command.write(frame({ action: 'execute', finished: true }, 'a\n1\n'));
    expect(await command.exit).toBe(1);
    expect(() => framesOf(Buffer.from(command.rest))).toThrow(/cut short/);
    expect(command.stderr).toBe('');
  });

  it('says what to do where no runtime answers', async () => {
    await runtime.close();
    const command = new CommandProcess('apply', env);
    expect((await command.getinfo('m')).metadata.required_fields).toEqual(['*']);
    const failed = await command.execute('a\n1\n', true);
    expect(failed.metadata.error).toMatch(/cannot be reached .*Start the runtime, or correct url/);
    runtime = await new SmallRuntime().listen();
  });
});

describe('fit', () => {
  it('answers each chunk at once, and brings the rows at the end', async () => {
    let answered = 0;
    runtime.handler = (request) => {
      // What the algorithm needs of the search: nothing.
      if (request.path === '/v1/fit/plan') return jsonReply({ needs: [] });
      answered++;
      return request.meta.finished
        ? reply({ messages: [{ level: 'INFO', text: 'done' }], version }, 'y,predicted(y)\n1,1\n', {
            step: 3,
          })
        : reply({ messages: [{ level: 'WARN', text: `chunk ${request.meta.chunk}` }] }, '');
    };
    const command = new CommandProcess('fit', env);
    expect((await command.getinfo('LinearRegression y from x into m')).metadata).toEqual({
      type: 'events',
      required_fields: ['*'],
    });
    const replies = [await command.execute('y,x\n1,2\n', false), await command.execute('', false)];
    replies.push(await command.execute('y,x\n', false), await command.execute('x,y\n3,4\n', true));
    expect(replies.map(({ body }) => body)).toEqual(['', '', '', 'y,predicted(y)\n1,1\n']);
    expect(replies.map(({ metadata }) => metadata.finished)).toEqual([false, false, false, true]);
    expect(
      replies.flatMap(({ metadata }) => metadata.inspector?.messages ?? []).map(([, text]) => text),
    ).toEqual(expect.arrayContaining(['chunk 0', 'chunk 1', 'chunk 2', 'done']));
    expect(answered).toBe(4);
    const [asked, ...chunks] = runtime.requests;
    expect([asked.path, asked.meta]).toEqual(['/v1/fit/plan', { algorithm: 'LinearRegression' }]);
    expect(chunks.map(({ body }) => body.toString())).toEqual(['y,x\n1,2\n', '', 'y,x\n', 'x,y\n3,4\n']);
    expect(chunks[0].meta.spec).toMatchObject({
      algorithm: 'LinearRegression',
      targets: ['y'],
      fields: ['x'],
    });
    expect(chunks[1].meta).not.toHaveProperty('spec');
    expect(new Set(chunks.map(({ meta }) => (meta as { job?: string }).job)).size).toBe(1);
    expect(await command.exit).toBe(0);
  });

  it('gives every chunk back as it is with apply=f', async () => {
    const command = new CommandProcess('fit', env);
    await command.getinfo('KMeans x apply=f into m');
    for (const [body, finished] of [
      ['x\n1\n', false],
      ['x\r\n"2"\r\n', false],
      ['x\n3', true],
    ] as const) {
      expect(await command.execute(body, finished)).toMatchObject({ metadata: { finished }, body });
    }
    expect(await command.exit).toBe(0);
  });

  it('reports a refused first chunk at once, and a later one with the next', async () => {
    runtime.handler = () => errorReply('unknown_algorithm', 'There is no algorithm KMens.');
    const first = new CommandProcess('fit', env);
    await first.getinfo('KMens x');
    expect((await first.execute('x\n1\n', false)).metadata.error).toBe('There is no algorithm KMens.');
    expect(await first.exit).toBe(0);

    runtime.handler = (request) =>
      request.meta.chunk === 1 ? errorReply('invalid_csv', 'Row 7 is longer.') : reply({ messages: [] }, '');
    const second = new CommandProcess('fit', env);
    await second.getinfo('KMeans x');
    await second.execute('x\n1\n', false);
    expect((await second.execute('x\n1,2\n', false)).metadata.error).toBeUndefined();
    const failed = await second.execute('x\n'.repeat(400_000), false);
    expect(failed.metadata).toMatchObject({ error: 'Row 7 is longer.', finished: true });
    expect(await second.exit).toBe(0);
  });

  it('names all that is wrong in one message, with what the runtime knows', async () => {
    runtime.handler = () =>
      errorReply('unknown_algorithm', 'There is no algorithm KMens. Did you mean KMeans?');
    const command = new CommandProcess('fit', env);
    const failed = await command.getinfo('KMens x into m@2 kfold_cv=0');
    expect(failed.metadata.error).toMatch(/m@2.*kfold_cv=0.*Did you mean KMeans\?/);
    expect(runtime.requests[0].path).toBe('/v1/fit/check');
    // What was found here already is not asked about, so that nothing is reported twice.
    const asked = runtime.requests[0].meta as unknown;
    expect(asked).not.toHaveProperty('kfoldCv');
    expect(asked).not.toHaveProperty('into');
    expect(await command.exit).toBe(0);
    const again = new CommandProcess('fit', env);
    await again.getinfo('KMens from x');
    expect(runtime.requests[1].meta).toMatchObject({ targets: ['_'], fields: ['x'] });
    expect(await again.exit).toBe(0);
  });

  it('is cancelled in the runtime when the search ends in any way', async () => {
    const ways: ((command: CommandProcess) => void)[] = [
      (command) => command.process.stdin.end(),
      (command) => command.process.kill('SIGKILL'),
      (command) => command.process.kill('SIGTERM'),
    ];
    for (const end of ways) {
      const before = runtime.ended;
      const command = new CommandProcess('fit', env);
      await command.getinfo('KMeans x into m');
      await command.execute('x\n1\n', false);
      end(command);
      await command.exit;
      await until(() => runtime.ended > before);
      expect(command.rest).toBe('');
    }
  });

  it('is cancelled during the training when it is told to end, or nobody reads its output', async () => {
    runtime.handler = (request) =>
      request.meta.finished ? new Promise(() => {}) : reply({ messages: [] }, '');
    const ways: ((command: CommandProcess) => void)[] = [
      (command) => command.process.kill('SIGTERM'),
      (command) => command.process.stdout.destroy(),
    ];
    for (const end of ways) {
      const before = runtime.ended;
      const command = new CommandProcess('fit', env);
      await command.getinfo('KMeans x into m');
      command.write(frame({ action: 'execute', finished: true }, 'x\n1\n'));
      await until(() => runtime.requests.some((request) => request.meta.finished === true));
      runtime.requests.length = 0;
      await new Promise((resolve) => setTimeout(resolve, 1200));
      end(command);
      expect(await command.exit).toBe(0);
      await until(() => runtime.ended > before);
    }
  });
});

describe('summary, listmodels and deletemodel', () => {
  it('make their rows, in as many replies as the limit of rows needs', async () => {
    const rows = Array.from({ length: 5 }, (_, i) => [`f${i}`, i === 2 ? ['a$', 'b'] : null]);
    runtime.handler = () => jsonReply({ fields: ['feature', 'values'], rows, messages: [] });
    const command = new CommandProcess('summary', env);
    expect((await command.getinfo('app:m@2', { maxresultrows: 2 })).metadata).toEqual({
      type: 'stateful',
      generating: true,
    });
    const replies = [
      await command.execute('', false),
      await command.execute('', false),
      await command.execute('', true),
    ];
    expect(replies.map(({ metadata }) => metadata.finished)).toEqual([false, false, true]);
    expect(replies.map(({ body }) => body)).toEqual([
      'feature,values\nf0,\nf1,\n',
      'feature,values,__mv_values\nf2,"a$\nb",$a$$$;$b$\nf3,,\n',
      'feature,values\nf4,\n',
    ]);
    expect(runtime.requests).toHaveLength(1);
    expect(await command.exit).toBe(0);
  });

  it('list and delete', async () => {
    const model = {
      name: 'm',
      type: 'KMeans',
      options: 'k=3',
      owner: 'eve',
      app: 'search',
      sharing: 'private',
    };
    runtime.handler = ({ path }) =>
      path === '/v1/models'
        ? jsonReply({
            models: [{ ...model, version: 2, versions: [1, 2] }],
            messages: [{ level: 'WARN', text: 'x is damaged' }],
          })
        : jsonReply({ namespace: 'user', name: 'm', versions: [2] });
    const list = new CommandProcess('klistmodels', env);
    await list.getinfo('');
    const listed = await list.execute('', true);
    expect(listed.body).toContain('m,KMeans,k=3,eve,search,private,2,');
    expect(listed.metadata.inspector?.messages).toContainEqual(['WARN', 'x is damaged']);
    const remove = new CommandProcess('deletemodel', env);
    await remove.getinfo('m@2');
    expect((await remove.execute('', true)).body).toBe('model,version,status\nuser:m,2,deleted\n');
    expect(runtime.requests.at(-1)).toMatchObject({
      path: '/v1/models/delete',
      meta: { name: 'm', version: 2 },
    });
  });
});

describe('what is not the protocol', () => {
  const start = frame(getinfo('m'));

  it('ends in silence where the input ends between frames', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('\n'), start]) {
      const command = new CommandProcess('apply', env);
      command.write(bytes);
      expect(await command.end()).toBe(0);
      expect(command.stderr).toBe('');
      expect(command.rest === '' || framesOf(Buffer.from(command.rest)).length === 1).toBe(true);
    }
  });

  it.each([
    ['garbage', Buffer.from('GET / HTTP/1.0\r\n\r\n'), /Expected a chunk's header/],
    ['an execute first', frame({ action: 'execute', finished: true }), /Expected a getinfo request/],
    ['metadata that is no JSON', frame('{"action":'), /not JSON/],
    ['a header cut short', Buffer.from('chunked 1.0,5'), /ended in the middle of a chunk's header/],
  ])('%s gets one error reply and exit 0', async (_, bytes, message) => {
    const command = new CommandProcess('fit', env);
    command.write(bytes);
    expect(await command.end()).toBe(0);
    const frames = framesOf(Buffer.from(command.rest));
    expect(frames).toHaveLength(1);
    expect(frames[0].metadata).toMatchObject({ finished: true, error: expect.stringMatching(message) });
    expect(command.stderr).toBe('');
  });

  it('a body that is longer or shorter than declared gets an error, and no model', async () => {
    for (const body of ['x\n1\n2\n3\n', 'x\n']) {
      const command = new CommandProcess('fit', env);
      await command.getinfo('KMeans x into m');
      const json = '{"action":"execute","finished":true}';
      command.write(Buffer.from(`chunked 1.0,${json.length},4\n${json}${body}`));
      command.process.stdin.end();
      const failed = await command.reply();
      expect(failed.metadata.error).toMatch(/longer than the 4 bytes|2 of 4 bytes are missing/);
      expect(await command.exit).toBe(0);
    }
    expect(runtime.requests.filter((request) => request.meta.finished)).toHaveLength(0);
  });

  it('a command that there is not is named', async () => {
    const command = new CommandProcess('fitt', env);
    expect((await command.getinfo('m')).metadata.error).toMatch(/fitt is no command of Kepler/);
  });
});
