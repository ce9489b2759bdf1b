type Call = [name: string, args: object | string];

/** What a scripted model writes to add a count of words to a TypeScript scaffold. */
export interface NodeFeature {
  /** Files of the feature and the changes that wire it up. */
  calls: Call[];
  /** The file that has the new route. */
  route: string;
}

/** Not laid out as the formatter wants it, and true only with `words: 3`. */
export const NODE_TEST = `import { expect, test } from 'vitest'
import { useService } from './client.js'

const client = useService()

test('counts words', async () => {
    const answer = await client.get('/words/count?text=one%20two%20three')
    expect([answer.status, answer.body]).toEqual([200, { words: 3 }])
})
`;

const EXPRESS_ROUTER = `import { Router } from 'express'

/** Counts words. */
export function wordsRouter(): Router {
  const router = Router()
  router.get('/count', ({ query }, response) => {
    const { text } = query
    const words = typeof text === 'string' ? text.split(/\\s+/).filter(Boolean).length : 0
    response.json({ words })
  })
  return router
}
`;

const NEST_CONTROLLER = `import { Controller, Get, Query } from '@nestjs/common'
import { ApiOperation } from '@nestjs/swagger'

/** Counts words. */
@Controller('words')
export class WordsController {
  @Get('count')
  @ApiOperation({ summary: 'How many words a text has' })
  count(@Query('text') text: unknown): { words: number } {
    const words = typeof text === 'string' ? text.split(/\\s+/).filter(Boolean).length : 0
    return { words }
  }
}
`;

const NEST_MODULE = `import { Module } from '@nestjs/common'
import { WordsController } from './words.controller.js'

@Module({ controllers: [WordsController] })
export class WordsModule {}
`;

export const NODE_FEATURES: Record<'express' | 'nestjs', NodeFeature> = {
  express: {
    route: 'src/words/words-router.ts',
    calls: [
      ['write_file', { path: 'src/words/words-router.ts', content: EXPRESS_ROUTER }],
      edit(
        'src/app.ts',
        "import type { Settings } from './settings.js';\n",
        "import type { Settings } from './settings.js';\nimport { wordsRouter } from './words/words-router.js';\n",
      ),
      edit(
        'src/app.ts',
        "  app.use('/health', healthRouter());\n",
        "  app.use('/health', healthRouter());\n  app.use('/words', wordsRouter());\n",
      ),
    ],
  },
  nestjs: {
    route: 'src/words/words.controller.ts',
    calls: [
      ['write_file', { path: 'src/words/words.controller.ts', content: NEST_CONTROLLER }],
      ['write_file', { path: 'src/words/words.module.ts', content: NEST_MODULE }],
      edit(
        'src/app.module.ts',
        "import type { Settings } from './settings.js';\n",
        "import type { Settings } from './settings.js';\nimport { WordsModule } from './words/words.module.js';\n",
      ),
      edit(
        'src/app.module.ts',
        'const MODULES = [HealthModule];',
        'const MODULES = [HealthModule, WordsModule];',
      ),
      // The scaffold's own test wants each route to be described.
      edit(
        'test/docs.test.ts',
        '  get /health/ready\n',
        '  get /health/ready\n  get /words/count\n',
      ),
    ],
  },
};

function edit(path: string, old_text: string, new_text: string): Call {
  return ['edit_file', { path, old_text, new_text }];
}
