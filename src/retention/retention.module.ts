import { Module } from '@nestjs/common';
import { HealthModule } from '../health/health.module.js';
import { RetentionService } from './retention.service.js';

/** Keeps the database from growing for ever; in every process, whatever its role. */
@Module({ imports: [HealthModule], providers: [RetentionService] })
export class RetentionModule {}
