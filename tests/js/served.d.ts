// Modules that lessons/common/assets.py makes when it serves them.

declare module "*/rnnviz/components.js" {
  export const components: Record<string, () => Promise<any>>;
}
declare module "*/rnnviz/player.js" {
  export const mount: (host: Element | ShadowRoot, data: any, tell: (said: { target: string; value: any }) => void) => {
    receive(data: any, turned?: boolean): void; play(): void; resize(): void; stop(): void;
  };
}
declare module "*/rnnviz/looks.js" {
  export const looks: Record<string, any>;
}
interface WindowEventMap {
  "rnn-step": CustomEvent<{ step: number; unit: number; playing: boolean }>;
  "rnn-drawn": CustomEvent<number>;
  "rnn-holds": CustomEvent<string>;
  "rnn-kept": CustomEvent<string>;
}
