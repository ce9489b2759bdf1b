import { TypeOrmModule } from '@nestjs/typeorm';
import { databaseOptions } from './database/data-source.js';
