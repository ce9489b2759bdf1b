import { parentPort, workerData } from 'node:worker_threads';
import { analyzeSecurity, SECURITY_ENGINE_VERSION } from './analyze-security.js';

/** The thread of one analysis: gets path -> text, answers once. Started by `SecurityAnalyzer`. */
parentPort?.postMessage({
  report: analyzeSecurity(workerData as ReadonlyMap<string, string>),
  version: SECURITY_ENGINE_VERSION,
});
