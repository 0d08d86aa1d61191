import { MessageChannel } from 'node:worker_threads';
import { KeplerError } from '../../container/contract/errors.ts';
import { CallLine } from '../../container/templates/broker/call-line.ts';
import { HelperDesk } from '../../container/templates/helper-desk.ts';
import type { Caller, Closeable, Helper } from '../../container/templates/helper-desk.ts';
import { Calls } from '../../container/templates/process/calls.ts';
import type { CallHandler, CallReply } from '../../container/templates/process/calls.ts';

const NOTHING = new Uint8Array(0);
const principal = { user: 'ann', app: 'search', roles: [], capabilities: [], acl: { read: [], write: [] } };
const ann: Caller = { principal, sid: '7', session: { uri: 'https://127.0.0.1:8089', key: 'secret' } };
const template = { name: 'Mine', version: 1, path: '/nowhere', needs: ['splunk'] };

describe('frames of a process', () => {
  function desk() {
    const sent: { reply: CallReply; body?: Uint8Array }[] = [];
    return { sent, calls: new Calls((reply, body) => sent.push({ reply, body })) };
  }

  it('answers with what the helper said, table included', async () => {
    const { sent, calls } = desk();
    const handler: CallHandler = async ({ helper, method, args, body }) => ({
      result: `${helper}.${method} ${JSON.stringify(args)}`,
      body,
    });
    await calls.take(
      { id: 3, helper: 'splunk', method: 'read', args: { a: 1 } },
      Buffer.from('table'),
      handler,
    );
    expect(sent).toEqual([
      { reply: { callId: 3, ok: true, result: 'splunk.read {"a":1}' }, body: Buffer.from('table') },
    ]);
  });

  it('tells what went wrong, by code and message', async () => {
    const { sent, calls } = desk();
    await calls.take({ id: 1, helper: 'splunk', method: 'read' }, NOTHING, () =>
      Promise.reject(new KeplerError('forbidden', 'You may not.')),
    );
    expect(sent[0].reply).toEqual({
      callId: 1,
      ok: false,
      error: { code: 'forbidden', message: 'You may not.' },
    });
  });

  it.each([
    ['no helper', { id: 1, method: 'x' }],
    ['a name that is none', { id: 1, helper: '../x', method: 'x' }],
    ['arguments that are a list', { id: 1, helper: 'splunk', method: 'x', args: [] }],
    ['arguments too long', { id: 1, helper: 'splunk', method: 'x', args: { a: 'x'.repeat(2e6) } }],
  ])('refuses a call with %s', async (_what, frame) => {
    const { sent, calls } = desk();
    const handler = jest.fn();
    await calls.take(frame, NOTHING, handler);
    expect(handler).not.toHaveBeenCalled();
    expect(sent[0].reply).toMatchObject({ ok: false, error: { code: 'template_failed' } });
  });

  it('refuses calls while nobody asks the template anything', async () => {
    const { sent, calls } = desk();
    await calls.take({ id: 1, helper: 'splunk', method: 'x' }, NOTHING, undefined);
    expect(sent[0].reply).toMatchObject({ ok: false, error: { message: expect.stringContaining('splunk') } });
  });

  it('takes sixteen at a time, and gives up what is open when the question is over', async () => {
    const { sent, calls } = desk();
    const signals: AbortSignal[] = [];
    const waits: CallHandler = (_call, signal) => {
      signals.push(signal);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('over'))));
    };
    const all = Array.from({ length: 17 }, (_, id) =>
      calls.take({ id, helper: 'splunk', method: 'read' }, NOTHING, waits),
    );
    await all[16];
    expect(sent).toHaveLength(1);
    expect(sent[0].reply).toMatchObject({ callId: 16, ok: false });
    calls.giveUp();
    await Promise.all(all);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
    expect(sent).toHaveLength(1);
  });
});

describe('the desk in the runtime', () => {
  const ports: MessageChannel[] = [];
  afterEach(() => ports.splice(0).forEach(({ port1, port2 }) => (port1.close(), port2.close())));

  function connect(helpers: Record<string, Helper>, caller: () => Caller | undefined = () => ann) {
    const channel = new MessageChannel();
    ports.push(channel);
    const failures: unknown[] = [];
    new HelperDesk(helpers, (error) => failures.push(error)).serve(channel.port1, caller);
    // The test itself has nothing else that keeps the process up.
    channel.port1.ref();
    const line = new CallLine(channel.port2);
    channel.port2.ref();
    const never = new AbortController().signal;
    const call = (helper: string, method: string, args = {}, signal = never, of = template, question = 1) =>
      line.call(of, question, { helper, method, args }, signal);
    return { line, call, failures };
  }

  it('runs a helper in the name of whom the template works for', async () => {
    const who: Helper = {
      whoami: async (_call, { caller }) => ({
        result: [caller.principal.user, caller.session?.key, caller.sid],
      }),
    };
    const { call } = connect({ splunk: who });
    await expect(call('splunk', 'whoami')).resolves.toEqual({ result: ['ann', 'secret', '7'] });
  });

  it('lets no template call what it does not declare, nor any for nobody', async () => {
    const splunk: Helper = { ask: async () => ({ result: 1 }) };
    let caller: Caller | undefined = ann;
    const { call } = connect({ splunk, registry: splunk }, () => caller);
    await expect(call('registry', 'ask')).rejects.toThrow(/needs: \['registry'\]/);
    caller = undefined;
    await expect(call('splunk', 'ask')).rejects.toThrow(/for no search/);
  });

  it('names what was meant', async () => {
    const { call } = connect({ splunk: { getData: async () => ({}) } });
    await expect(call('splunk', 'getDat')).rejects.toThrow(/Did you mean "getData"/);
    await expect(call('toString', 'x')).rejects.toThrow(/There is no helper "toString"/);
  });

  it("closes what a question had opened once it is over, and no other question's", async () => {
    const closed: number[] = [];
    const splunk: Helper = {
      async open({ args }, { opened }) {
        const thing: Closeable = { close: () => void closed.push(args.n as number) };
        opened.set(String(args.n), thing);
        return { result: opened.size };
      },
    };
    const { call, line } = connect({ splunk });
    await call('splunk', 'open', { n: 1 });
    await expect(call('splunk', 'open', { n: 2 })).resolves.toEqual({ result: 2 });
    await call('splunk', 'open', { n: 3 }, undefined, template, 2);
    line.over(1);
    await expect(call('splunk', 'open', { n: 4 })).resolves.toEqual({ result: 1 });
    expect(closed).toEqual([1, 2]);
  });

  it('tells the helper that nobody waits any more, and an unforeseen error in words', async () => {
    let seen: AbortSignal | undefined;
    const splunk: Helper = {
      wait: (_call, { signal }) =>
        new Promise((_, reject) => {
          seen = signal;
          signal.addEventListener('abort', () => reject(new Error('given up')));
        }),
      breaks: () => Promise.reject(new TypeError('x is not a function')),
    };
    const { call, failures } = connect({ splunk });
    const control = new AbortController();
    const waiting = call('splunk', 'wait', {}, control.signal);
    await expect(call('splunk', 'breaks')).rejects.toMatchObject({
      code: 'internal',
      message: 'x is not a function',
    });
    control.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await expect(call('splunk', 'breaks')).rejects.toThrow();
    expect(seen?.aborted).toBe(true);
    expect(failures.length).toBeGreaterThanOrEqual(2);
  });
});
