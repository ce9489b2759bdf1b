import type { IncomingMessage } from 'node:http';
import { Logger, type BeforeApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { WebSocketGateway, WebSocketServer, type OnGatewayConnection } from '@nestjs/websockets';
import type { Express } from 'express';
import { WebSocket, type Server } from 'ws';
import { isConnectionError } from '../infra/database/database.js';
import { ClientWatch } from './client-watch.js';
import { CLOSE, StreamRefused } from './close-codes.js';
import { OpenSockets } from './open-sockets.js';
import { StreamAdmission } from './stream-admission.js';
import { StreamClient } from './stream-client.js';
import { clientAddress, readStreamRequest } from './stream-request.js';
import { StreamTimings } from './stream-timings.js';
import { TaskStreams } from './task-streams.js';

/** Streams the events of a task: `/api/ws/build/{task_id}` and `/api/ws/analysis/{analysis_id}`. */
@WebSocketGateway()
export class TaskGateway
  implements OnGatewayConnection, OnModuleDestroy, BeforeApplicationShutdown
{
  @WebSocketServer()
  private readonly server: Server | undefined;
  private readonly log = new Logger(TaskGateway.name);
  private isStopping = false;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly admission: StreamAdmission,
    private readonly sockets: OpenSockets,
    private readonly watch: ClientWatch,
    private readonly streams: TaskStreams,
    private readonly timings: StreamTimings,
  ) {}

  /** The handshake is done; until the client is admitted, only the count of its address knows of it. */
  handleConnection(socket: WebSocket, request: IncomingMessage): void {
    if (this.isStopping) {
      socket.close(CLOSE.goingAway, 'The server is stopping');
      return;
    }
    const leave = this.sockets.enterFrom(this.addressOf(request));
    if (!leave) {
      socket.close(CLOSE.tooManyConnections, 'Too many connections from this address');
      return;
    }
    socket.once('close', leave);
    const limit = setTimeout(() => {
      socket.close(CLOSE.tryAgainLater, 'The server is busy: try again later');
    }, this.timings.admissionMs);
    this.open(socket, request)
      .catch((error: unknown) => this.refuse(socket, error))
      .finally(() => clearTimeout(limit));
  }

  /** First of all when the process stops, so that clients look for another one while tasks are drained. */
  onModuleDestroy(): void {
    this.isStopping = true;
    for (const socket of this.server?.clients ?? []) {
      socket.close(CLOSE.goingAway, 'The server is stopping');
    }
  }

  /** Gives what is left a moment to answer; after this Nest cuts every connection. */
  async beforeApplicationShutdown(): Promise<void> {
    const remaining = [...(this.server?.clients ?? [])];
    const closed = Promise.all(
      remaining.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
    const limit = setTimeout(() => {
      remaining.forEach((socket) => socket.terminate());
    }, this.timings.goodbyeMs);
    await closed;
    clearTimeout(limit);
  }

  private async open(socket: WebSocket, request: IncomingMessage): Promise<void> {
    const watch = await this.admission.admit(readStreamRequest(request));
    if (socket.readyState !== WebSocket.OPEN) {
      return;
    }
    const leave = this.sockets.enterAs(watch.principal.username);
    if (!leave) {
      throw new StreamRefused(CLOSE.tooManyConnections, 'Too many connections of this user');
    }
    socket.once('close', leave);
    const client = new StreamClient(socket, request.socket, watch);
    this.watch.add(client);
    await this.streams.join(client);
  }

  private refuse(socket: WebSocket, error: unknown): void {
    if (error instanceof StreamRefused) {
      socket.close(error.code, error.reason);
    } else if (isConnectionError(error)) {
      socket.close(CLOSE.tryAgainLater, 'The server is not available: try again later');
    } else {
      this.log.error('A client could not be admitted', error instanceof Error ? error.stack : '');
      socket.close(CLOSE.internalError, 'Internal error');
    }
  }

  private addressOf(request: IncomingMessage): string {
    const app = this.http.httpAdapter.getInstance<Express>();
    type IsTrusted = (address: string, hop: number) => boolean;
    return clientAddress(request, app.get('trust proxy fn') as IsTrusted);
  }
}
