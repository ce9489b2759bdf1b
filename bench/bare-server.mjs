/** A server by hand: parses nothing, asks nobody, always gives the answer of `GET /api/health/`. */
import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import process from 'node:process';

const server = createServer((request, response) => {
  request.resume();
  const body = JSON.stringify({
    status: 'healthy',
    timestamp: new Date().toISOString(),
    version: '3.0.0',
  });
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  process.send({ url: `http://127.0.0.1:${server.address().port}` });
});
process.on('message', () => process.send(process.cpuUsage()));
process.once('disconnect', () => process.exit(0));
