import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Artifacts } from './artifacts/artifacts.js';
import { ProjectArtifactsController } from './artifacts/project-artifacts.controller.js';
import { Project } from './project.entity.js';
import { ProjectRemover } from './project-remover.js';
import { ProjectsController } from './projects.controller.js';
import { ProjectsService } from './projects.service.js';
import { RepositoryBundle } from './git/repository-bundle.js';
import { SnapshotStore } from './snapshots/snapshot-store.js';
import { SnapshotSweeper } from './snapshots/snapshot-sweeper.js';
import { Snapshot } from './snapshots/snapshot.entity.js';
import { Trend } from './trend.js';

export const PROJECT_ENTITIES = [Project, Snapshot];

/** Source: uploads and downloads by users; to every other module, snapshots for builds and analyses. */
@Global()
@Module({})
export class ProjectsModule {
  /** @param serves Whether this process has routes. */
  static register(serves: boolean): DynamicModule {
    return {
      module: ProjectsModule,
      imports: [TypeOrmModule.forFeature(PROJECT_ENTITIES)],
      controllers: serves ? [ProjectsController, ProjectArtifactsController] : [],
      providers: [
        SnapshotStore,
        Artifacts,
        RepositoryBundle,
        ProjectsService,
        ProjectRemover,
        SnapshotSweeper,
        Trend,
      ],
      exports: [SnapshotStore, Artifacts, ProjectsService, Trend],
    };
  }
}
