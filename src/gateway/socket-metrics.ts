import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from '../health/metrics/metrics.js';
import { OpenSockets } from './open-sockets.js';

/** `websocket_connections` at `/metrics`, counted when it is asked for. */
@Injectable()
export class SocketMetrics {
  constructor({ registry }: Metrics, sockets: OpenSockets) {
    new Gauge({
      name: 'websocket_connections',
      help: 'Open WebSocket connections.',
      registers: [registry],
      collect() {
        this.set(sockets.count);
      },
    });
  }
}
