import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { fetchText } from '../../splunk_app/src/bridge/fetch.ts';

/** Answers every request with the given bytes, piece by piece, and then closes or leaves the connection open. */
let pieces: string[] = [];
let closes = true;
let asked = '';
let server: Server;
const sockets = new Set<Socket>();

beforeEach(async () => {
  closes = true;
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', async (bytes: Buffer) => {
      asked = bytes.toString();
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      if (closes) socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const get = (deadlineMs = 2000) =>
  fetchText(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a/b?c=d`), {
    headers: { authorization: 'Splunk k' },
    deadlineMs,
    maxBytes: 1000,
    trustAll: true,
  });

it('takes a body by its length, by its chunks and by its end, split anywhere', async () => {
  pieces = ['HTTP/1.1 200 O', 'K\r\nContent-Length: 4\r', '\n\r\nab', 'cd'];
  closes = false;
  expect(await get()).toEqual({ status: 200, text: 'abcd' });
  expect(asked).toMatch(/^GET \/a\/b\?c=d HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
  expect(asked).toContain('\r\nauthorization: Splunk k\r\n');

  pieces = [
    'HTTP/1.1 401 No\r\nTransfer-Encoding: chunked\r\n\r\n',
    '3\r\nabc\r',
    '\n2;x\r\nde\r\n0\r\n\r\n',
  ];
  expect(await get()).toEqual({ status: 401, text: 'abcde' });

  pieces = ['HTTP/1.0 200 OK\r\n\r\nab', 'c'];
  closes = true;
  expect(await get()).toEqual({ status: 200, text: 'abc' });
});

it('says what went wrong', async () => {
  pieces = ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc'];
  await expect(get()).rejects.toThrow('the answer is cut short');
  pieces = ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nabc'];
  await expect(get()).rejects.toThrow('the answer is cut short');
  pieces = ['220 mail.example ESMTP\r\n\r\n'];
  await expect(get()).rejects.toThrow('the answer is not HTTP');
  pieces = [];
  await expect(get()).rejects.toThrow('it closed the connection');
  pieces = [`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(2000)}`];
  await expect(get()).rejects.toThrow('the answer is too long');
  pieces = ['HTTP/1.1 200 OK\r\n'];
  closes = false;
  await expect(get(50)).rejects.toThrow('no answer within 0.05 s');
});
