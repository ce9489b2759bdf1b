import { SchemaPipe } from './http/schema-pipe.js';
