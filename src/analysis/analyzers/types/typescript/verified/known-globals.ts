/** Global names that packages of types declare: those of Node, of test runners, of bundlers and of other runtimes. */
const NAMES = `
  process Buffer require module exports global __dirname __filename NodeJS NodeRequire NodeModule console
  setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask structuredClone
  ErrorEvent BufferEncoding gc
  describe it test expect beforeAll beforeEach afterAll afterEach before after suite setup teardown specify context
  xdescribe xit xtest fdescribe fit ftest jest vi vitest jasmine spyOn fail pending bench assert assertType expectTypeOf
  Mocha Chai sinon QUnit cy Cypress Jest browser page $ $$ jQuery JQuery JQueryStatic
  React JSX Vue angular ng $localize Ember moment Big Decimal _ d3 google gapi chrome Deno Bun Fastify Express Electron
  GlobalEvent WebdriverIO firebase Stripe Office Excel Word grecaptcha ga gtag dataLayer
  define System importScripts caches clients skipWaiting WorkerGlobalScope ServiceWorkerGlobalScope
  EdgeRuntime KVNamespace D1Database R2Bucket DurableObject DurableObjectNamespace DurableObjectState ExecutionContext
  ScheduledEvent Fetcher Queue MessageBatch HTMLRewriter WebSocketPair ExportedHandler
  defineProps defineEmits defineExpose withDefaults defineModel defineSlots defineNuxtConfig useState
  $state $derived $effect $props $bindable $inspect $host
  GPUDevice GPUBuffer GPUTexture PropertyDescriptor WebAssembly
`;

const KNOWN = new Set(NAMES.split(/\s+/).filter(Boolean));

/** Whether a name that nobody declares may well be declared by what is not here. Words in capitals come from bundlers. */
export function isKnownGlobal(name: string): boolean {
  return KNOWN.has(name) || name.startsWith('__') || /^[A-Z][A-Z\d]*_[A-Z\d_]+$/.test(name);
}

/** The names that a file of TypeScript's library declares for all; by its text, as parsing it takes long. */
export function declaredNames(library: string): Set<string> {
  const declaration = /^(?:declare (?:var|let|const|function|class)|interface|type) ([\w$]+)/gm;
  return new Set([...library.matchAll(declaration)].flatMap(([, name]) => name ?? []));
}
