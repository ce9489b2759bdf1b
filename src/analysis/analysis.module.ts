import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Task } from '../tasks/task.entity.js';
import { AnalysisService } from './analysis-service.js';
import { AnalysisSource } from './analysis-source.js';
import { AnalysisController } from './analysis.controller.js';
import { Analysis } from './analysis.entity.js';
import { AnalysisProcessor } from './analysis.processor.js';
import { ANALYZERS, type Analyzer } from './analyzers/analyzer.js';
import { MypyAnalyzer } from './analyzers/mypy-analyzer.js';
import { PythonToolRunner } from './analyzers/python-tools.js';
import { RuffAnalyzer } from './analyzers/ruff-analyzer.js';
import { SecurityAnalyzer } from './analyzers/security-analyzer.js';

/** Every engine, in the order in which results name them. A new one is added here and nowhere else. */
const ENGINES = [RuffAnalyzer, SecurityAnalyzer, MypyAnalyzer];

@Module({})
export class AnalysisModule {
  static register({ serves, works }: { serves: boolean; works: boolean }): DynamicModule {
    return {
      module: AnalysisModule,
      imports: [TypeOrmModule.forFeature([Task, Analysis])],
      controllers: serves ? [AnalysisController] : [],
      providers: [
        AnalysisService,
        AnalysisSource,
        ...(works
          ? [
              AnalysisProcessor,
              PythonToolRunner,
              ...ENGINES,
              {
                provide: ANALYZERS,
                useFactory: (...engines: Analyzer[]) => engines,
                inject: ENGINES,
              },
            ]
          : []),
      ],
    };
  }
}
