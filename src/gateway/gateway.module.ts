import { Module } from '@nestjs/common';
import { ClientWatch } from './client-watch.js';
import { HealthModule } from '../health/health.module.js';
import { OpenSockets } from './open-sockets.js';
import { SocketMetrics } from './socket-metrics.js';
import { StreamAdmission } from './stream-admission.js';
import { StreamTimings } from './stream-timings.js';
import { TaskGateway } from './task-gateway.js';
import { TaskStreams } from './task-streams.js';

/**
 * The WebSocket side of tasks. Needs `PathWsAdapter` (`app.useWebSocketAdapter`); `AppConfig`, `EventBus` and
 * `TaskStore` come from global modules.
 */
@Module({
  imports: [HealthModule],
  providers: [
    TaskGateway,
    StreamAdmission,
    StreamTimings,
    ClientWatch,
    TaskStreams,
    OpenSockets,
    SocketMetrics,
  ],
})
export class GatewayModule {}
