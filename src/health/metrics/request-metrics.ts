import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Counter, Histogram } from 'prom-client';
import { Metrics } from './metrics.js';
import { RequestRate } from './request-rate.js';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** As nginx logs a client that left before its answer was complete. */
const CLIENT_LEFT = '499';

/** Counts every HTTP request that got an answer or whose client left, also those that were refused. */
@Injectable()
export class RequestMetrics {
  private readonly rate = new RequestRate(performance.now());
  private readonly requests: Counter<'method' | 'route' | 'status'>;
  private readonly durations: Histogram<'method' | 'route'>;
  private count = 0;

  constructor({ registry }: Metrics) {
    this.requests = new Counter({
      name: 'http_requests_total',
      help: 'HTTP requests, by route template; status 499: the client left first.',
      labelNames: ['method', 'route', 'status'],
      registers: [registry],
    });
    this.durations = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from the request to the end of its answer, by route template.',
      labelNames: ['method', 'route'],
      buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers: [registry],
    });
  }

  /** Since the start of this process. */
  get total(): number {
    return this.count;
  }

  /** Over the last minute. */
  get perSecond(): number {
    return this.rate.perSecond(performance.now());
  }

  /** For `app.use`, before the body parser: what that refuses is a request, too. */
  readonly middleware = (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    response.once('close', () => this.note(request, response, startedAt));
    next();
  };

  private note(request: Request, response: Response, startedAt: number): void {
    const now = performance.now();
    const method = METHODS.has(request.method) ? request.method : 'other';
    const route = routeOf(request);
    const status = response.writableFinished ? String(response.statusCode) : CLIENT_LEFT;
    this.count += 1;
    this.rate.count(now);
    this.requests.inc({ method, route, status });
    this.durations.observe({ method, route }, (now - startedAt) / 1000);
  }
}

/** The template that Express matched (`/api/build/:task_id`): never the path, of which there is no end. */
function routeOf(request: Request): string {
  const route: unknown = request.route;
  const isRoute = typeof route === 'object' && route !== null && 'path' in route;
  return isRoute && typeof route.path === 'string' ? request.baseUrl + route.path : 'unmatched';
}
