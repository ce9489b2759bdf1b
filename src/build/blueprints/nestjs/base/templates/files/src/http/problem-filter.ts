import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import type { Logger } from 'pino';
import { PROBLEM_TYPE, toProblemError } from '../problems.js';

/** Answers every failure with a problem; what was not foreseen goes to the log. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const problem = toProblemError(error);
    if (problem.status >= 500) {
      this.logger.error({ err: error }, problem.detail);
    }
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .status(problem.status)
      .set(problem.headers)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problem.toProblem()));
  }
}
