import { Router } from 'express';
import swaggerUi from 'swagger-ui-express';
import { createDocument } from './document.js';

/** The OpenAPI document and an explorer for it. */
export function docsRouter(): Router {
  const document = createDocument();
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  router.use('/docs', swaggerUi.serve, swaggerUi.setup(document));
  return router;
}
