import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Task } from '../tasks/task.entity.js';
import { AnalysisService } from './analysis-service.js';
import { AnalysisSource } from './analysis-source.js';
import { AnalysisCoverage } from './coverage/analysis-coverage.js';
import { AnalysisReports } from './report/analysis-reports.js';
import { AnalysisReportsController } from './report/analysis-reports.controller.js';
import { AnalysisController } from './analysis.controller.js';
import { Analysis } from './analysis.entity.js';
import { AnalysisProcessor } from './analysis.processor.js';
import { ANALYZERS, type Analyzer } from './analyzers/analyzer.js';
import { SecurityAnalyzer } from './analyzers/dataflow/security-analyzer.js';
import { DuplicatesAnalyzer } from './analyzers/duplicates/duplicates-analyzer.js';
import { EngineProcess } from './analyzers/process/engine-process.js';
import { OxlintAnalyzer } from './analyzers/oxlint/oxlint-analyzer.js';
import { RuffAnalyzer } from './analyzers/ruff/ruff-analyzer.js';
import { MypyAnalyzer } from './analyzers/types/python/mypy-analyzer.js';
import { PyrightAnalyzer } from './analyzers/types/python/pyright-analyzer.js';
import { PythonToolFinder } from './analyzers/types/python/python-tool-finder.js';
import { TypescriptAnalyzer } from './analyzers/types/typescript-analyzer.js';
import { CoverageReader } from './coverage/coverage-reader.js';
import { EngineAnswers } from './engines/engine-answers.js';
import { EngineCanaries } from './engines/engine-canaries.js';
import { EngineRuns } from './engines/engine-runs.js';
import { FindingsStore } from './findings/findings-store.js';
import { ProjectAnalysesController } from './project/project-analyses.controller.js';
import { ProjectPolicies } from './project/project-policies.js';

/** Every engine, in the order in which results name them. A new one is added here and nowhere else. */
const ENGINES = [
  RuffAnalyzer,
  OxlintAnalyzer,
  DuplicatesAnalyzer,
  SecurityAnalyzer,
  MypyAnalyzer,
  PyrightAnalyzer,
  TypescriptAnalyzer,
];

@Module({})
export class AnalysisModule {
  static register({ serves, works }: { serves: boolean; works: boolean }): DynamicModule {
    return {
      module: AnalysisModule,
      imports: [TypeOrmModule.forFeature([Task, Analysis])],
      controllers: serves
        ? [AnalysisController, AnalysisReportsController, ProjectAnalysesController]
        : [],
      providers: [
        AnalysisService,
        AnalysisSource,
        AnalysisReports,
        FindingsStore,
        ProjectPolicies,
        ...(works
          ? [
              AnalysisCoverage,
              AnalysisProcessor,
              CoverageReader,
              EngineAnswers,
              EngineCanaries,
              EngineProcess,
              EngineRuns,
              PythonToolFinder,
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
