// A HEC receiver that only counts: lines, and events that came before (by event_id). GET / tells; started as a process of its own.
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

const seen = new Set();
let lines = 0;
let repeated = 0;
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ lines, repeated }));
    return;
  }
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const raw = Buffer.concat(parts);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString('latin1');
    for (const [, id] of text.matchAll(/"event_id":"([\w-]{36})"/g)) {
      lines++;
      if (seen.has(id)) repeated++;
      else seen.add(id);
    }
    response.setHeader('content-type', 'application/json');
    response.end('{"text":"Success","code":0}');
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
