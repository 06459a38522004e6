/** Two plans → the second, made of the first one's parts wherever they are equal: what did not change is the same object, and is not drawn again. */
import type { IPlan } from './graphplan';

/** Take over what is equal; steps, edges and parameters are told apart by their names. */
export function reuse(previous: IPlan | null, next: IPlan): IPlan {
  if (previous === null) {
    return next;
  }
  return {
    ...next,
    nodes: share(previous.nodes, next.nodes, ({ node }) => node.name),
    edges: share(previous.edges, next.edges, ({ key }) => key),
    parameters: share(previous.parameters, next.parameters, ({ parameter }) => parameter.name)
  };
}

function share<T>(previous: readonly T[], next: readonly T[], key: (each: T) => string): T[] {
  const known = new Map(previous.map(each => [key(each), each]));
  return next.map(each => {
    const old = known.get(key(each));
    return old !== undefined && JSON.stringify(old) === JSON.stringify(each) ? old : each;
  });
}
