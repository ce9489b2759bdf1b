import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { Express } from 'express';
import helmet from 'helmet';
import { refuseAmbiguous } from './common/ambiguous-request.js';
import { ApiExceptionFilter } from './common/exception.filter.js';
import { ErrorBody } from './common/openapi/error-body.dto.js';
import { requestLog } from './common/log/request-log.js';
import { RequestValidationPipe } from './common/validation/validation.pipe.js';
import { AppConfig } from './config/app-config.js';
import { PathWsAdapter } from './gateway/path-ws-adapter.js';
import { API_VERSION } from './common/api-version.js';
import { RequestMetrics } from './health/metrics/request-metrics.js';

/** Everything around the routes, for the server and for every end-to-end test alike. */
export function setUpApp(app: NestExpressApplication): void {
  const { http, role } = app.get(AppConfig);
  if (http.trustProxy !== undefined) {
    app.set('trust proxy', http.trustProxy);
  }
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(app.get(RequestMetrics).middleware);
  app.use(requestLog);
  app.use(securityHeaders());
  app.use(refuseAmbiguous);
  if (http.corsOrigins.length > 0) {
    app.enableCors({
      origin: http.corsOrigins,
      exposedHeaders: [
        'X-RateLimit-Limit',
        'X-RateLimit-Remaining',
        'X-RateLimit-Reset',
        'Retry-After',
        'X-Request-Id',
      ],
      maxAge: 600,
    });
  }
  app.useGlobalPipes(new RequestValidationPipe());
  app.useGlobalFilters(new ApiExceptionFilter());
  app.useWebSocketAdapter(new PathWsAdapter(app));
  if (http.docs && role !== 'worker') {
    serveDocs(app);
  }
}

/** Answers are JSON and downloads; the only page is Swagger UI, which brings its own scripts and styles. */
function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
  });
}

function serveDocs(app: NestExpressApplication): void {
  // Where somebody lands who opens the address that the start printed.
  const express: Express = app.getHttpAdapter().getInstance();
  express.get('/', (_, response) => response.redirect('/api/docs'));
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'Goalsmith API',
  });
}

/** The OpenAPI 3.1 document of all routes. */
function openApiDocument(app: NestExpressApplication): OpenAPIObject {
  const info = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Goalsmith API')
    .setVersion(API_VERSION)
    .setDescription(DESCRIPTION)
    .addBearerAuth()
    .addTag('auth')
    .addTag('builds')
    .addTag('analyses')
    .addTag('projects')
    .addTag('health')
    .build();
  return SwaggerModule.createDocument(app, info, { extraModels: [ErrorBody] });
}

const DESCRIPTION = `
Turns a goal into verified code, and tells a team the truth about the code it has.

Register or log in (\`POST /auth/login\`), press *Authorize* with the access token, create a build, and follow it at
\`WS /api/ws/build/{task_id}?token=…\` (or with the subprotocols \`["bearer", TOKEN]\`; analyses at
\`/api/ws/analysis/{analysis_id}\`).

**Messages**: \`connected\`, then \`progress\` with \`seq\` 1, 2, 3 …, then one of \`completion\`, \`error\`,
\`cancelled\`, after which the server closes. \`?since=SEQ\` replays what was missed.

**Close codes**: \`1000\` the task has ended, \`1001\` the server stops, \`4400\` bad \`since\`, \`4401\` no or bad token,
\`4403\` not yours, \`4404\` no such task, \`4408\` too slow (come back with \`since\`), \`4429\` too many connections.
`;
