import { requestLog } from './request-log.js';
