import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BuildGraph } from './agent/build-graph.js';
import { BuildSeed } from './agent/build-seed.js';
import { Checkpoints } from './agent/checkpoints.js';
import { ChatCodeModel } from './agent/chat/chat-code-model.js';
import { CheckRunner } from './agent/check-runner.js';
import { CodeModel } from './agent/code-model.js';
import { OfflineCodeModel } from './agent/offline-code-model.js';
import { SourceFormatter } from './agent/source-formatter.js';
import { AppConfig } from '../config/app-config.js';
import { BuildArtifactsController } from './build-artifacts.controller.js';
import { BuildEventsController } from './build-events.controller.js';
import { BuildController } from './build.controller.js';
import { Build } from './build.entity.js';
import { BuildPlanner } from './build-planner.js';
import { PreviewController } from './preview.controller.js';
import { ToolchainStatesModule } from '../toolchains/toolchain-states.js';
import { BuildProcessor } from './build.processor.js';
import { BuildService } from './build-service.js';
import { UsageLedger } from './agent/usage-ledger.js';
import { ProjectChecks } from './verify/project-checks.js';
import { Verifier } from './verify/verifier.js';

@Module({})
export class BuildModule {
  static register({ serves, works }: { serves: boolean; works: boolean }): DynamicModule {
    return {
      module: BuildModule,
      imports: [TypeOrmModule.forFeature([Build]), ToolchainStatesModule],
      controllers: serves
        ? [PreviewController, BuildController, BuildArtifactsController, BuildEventsController]
        : [],
      providers: [
        BuildService,
        ...(serves ? [BuildPlanner] : []),
        ...(works
          ? [
              BuildProcessor,
              BuildGraph,
              BuildSeed,
              Checkpoints,
              UsageLedger,
              Verifier,
              ProjectChecks,
              CheckRunner,
              SourceFormatter,
              { provide: CodeModel, useFactory: createCodeModel, inject: [AppConfig] },
            ]
          : []),
      ],
    };
  }
}

function createCodeModel(config: AppConfig): CodeModel {
  return config.llm ? new ChatCodeModel(config.llm, config) : new OfflineCodeModel();
}
