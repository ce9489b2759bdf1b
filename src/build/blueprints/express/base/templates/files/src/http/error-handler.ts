import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { PROBLEM_TYPE, ProblemError, toProblemError } from '../problems.js';

/** For paths that no route has. */
export const answerNotFound: RequestHandler = () => {
  throw new ProblemError(404, 'Not Found');
};

/** Answers every failure with a problem; what was not foreseen goes to the log. */
export function answerProblem(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const problem = toProblemError(error);
    if (problem.status >= 500) {
      logger.error({ err: error }, problem.detail);
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    response
      .status(problem.status)
      .set(problem.headers)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problem.toProblem()));
  };
}
