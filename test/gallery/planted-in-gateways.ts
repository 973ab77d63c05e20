// The leaks that are planted in the reference gateways (injectors/leaks), and what a diagnosis is
// to say of each: the function that makes what is kept, with its file, and the variable that keeps
// it. In Python only the line is asked for.

export interface PlantedInGateway {
  readonly gateway: 'reference' | 'reference-python';
  readonly leak: string;
  /** Of "function file". */
  readonly function: RegExp;
  readonly variable: RegExp | null;
}

/** What most of them keep is made by one function. */
const state = /^requestState injectors\/leaks\/leak\.ts$/;

const node = (leak: string, made: RegExp, variable: RegExp): PlantedInGateway => ({
  gateway: 'reference',
  leak,
  function: made,
  variable,
});

const python = (leak: string, made: RegExp): PlantedInGateway => ({
  gateway: 'reference-python',
  leak,
  function: made,
  variable: null,
});

const ownState = /^request_state .*leakbed_leaks\.py$/;

export const plantedInGateways: readonly PlantedInGateway[] = [
  // Nothing of the gateway holds it: Node's timers and the gRPC connection do.
  node(
    'unread-stream',
    /^(?:streamChat|streamEvents|relayStream) .*reference-node\//,
    /^(?:timerListMap|.*activeCalls)/,
  ),
  node('listener', state, /signal/i),
  node('unbounded-map', state, /^requestLog:Map$/),
  node('timer', state, /^timerListMap/),
  node('retained-buffer', /retained-buffer\.ts$/, /^heads:Array$/),
  // A client of the gateway's own making: where it is made, and who takes the old one.
  node('unclosed-client', /reference-node\//, /^retired:Array$/),
  node('promise-never', state, /^waiting:Map$/),
  node('closure-chain', state, /^latest:Function$/),
  node('async-context', state, /^onShutdown:Array$/),
  node('native-external', /native-external\.ts$/, /^keys:Array$/),
  node('answer-cache', state, /^cache:Map$/),
  python('task', ownState),
  python('generator', ownState),
  python('cycle-with-del', ownState),
  python('session-not-closed', /leakbed_leaks\.py$|reference-python\/gateway\//),
  python('answer-cache', ownState),
  python('unbounded-dict', ownState),
];
