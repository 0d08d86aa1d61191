import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers the one call that a command makes to splunkd: who is searching, with which roles. */
export async function startSplunkd(): Promise<{ url: string; close(): void }> {
  const body = JSON.stringify({
    entry: [{ content: { username: 'bench', roles: ['admin', 'power', 'user'], capabilities: [] } }],
  });
  const server = createServer((_request, reply) => {
    reply.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    reply.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
