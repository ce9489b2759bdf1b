import type { Express } from 'express';

/** What Express 5's router keeps of a route, and its types don't say. */
interface RouteLayer {
  match(path: string): boolean;
  route: { methods: Record<string, boolean> };
}

/**
 * The methods that a path answers to, such as `['GET', 'HEAD']`; empty: no such path. For telling 405 from 404,
 * once nothing else answered.
 */
export function allowedMethods(app: Express, path: string): string[] {
  const layers: object[] = app.router.stack;
  const methods = layers
    .filter(isRouteLayer)
    .filter((layer) => layer.match(path))
    .flatMap((layer) => Object.keys(layer.route.methods))
    .filter((method) => method !== '_all')
    .map((method) => method.toUpperCase());
  return [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)].sort();
}

function isRouteLayer(layer: object): layer is RouteLayer {
  return 'route' in layer && layer.route !== undefined && 'match' in layer;
}
