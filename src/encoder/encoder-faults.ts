import { Fault, type FaultKind, messageOf } from '../fault/fault.js';

/** A compiled model, or an ONNX file of the user's, that cannot be run as a SPLADE encoder. */
export class EncoderUnusable extends Fault {
  readonly code = 'ENCODER_UNUSABLE';
  constructor(
    readonly file: string,
    found: string,
    remedy: string,
  ) {
    super({ asked: `load the encoder ${file}`, found, remedy });
  }
}

/** onnxruntime-node is not installed. */
export class RuntimeMissing extends Fault {
  readonly code = 'RUNTIME_MISSING';
  override readonly kind: FaultKind = 'environment';
  constructor(cause: unknown) {
    super({
      asked: 'run a model',
      found:
        'onnxruntime-node is not installed: its install script could not fetch its CUDA libraries, which only --device cuda needs',
      remedy: 'Run `ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node`',
      cause,
    });
  }
}

/** A device that was asked for by name, and cannot be had. */
export class DeviceUnavailable extends Fault {
  readonly code = 'DEVICE_UNAVAILABLE';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly device: string,
    found: string,
    remedy?: string,
  ) {
    const ways = [remedy, 'Take --device cpu, or auto'].filter((way) => way !== undefined);
    super({ asked: `encode on ${device}`, found, remedy: ways.join('. ') });
  }
}

/** A number of threads that cannot be. */
export class WorkersInvalid extends Fault {
  readonly code = 'WORKERS_INVALID';
  constructor(readonly workers: number) {
    super({
      asked: `encode on ${workers} threads`,
      found: 'no whole number from 1 on',
      remedy: 'Leave `workers` out, or take as many as there are cores',
    });
  }
}

/** The thread that compiles a model ended before it was done. */
export class ModelNotCompiled extends Fault {
  readonly code = 'MODEL_NOT_COMPILED';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly model: string,
    thrown: unknown,
  ) {
    const found = typeof thrown === 'number' ? `the thread ended with code ${thrown}` : messageOf(thrown);
    const remedy =
      'With little memory, compile it on another machine (`termweave model build`) and copy the file that it names';
    super({ asked: `compile model ${model}`, found, remedy, cause: thrown });
  }
}

/** The thread that encodes ended before it was ready. */
export class EncoderNotStarted extends Fault {
  readonly code = 'ENCODER_NOT_STARTED';
  override readonly kind: FaultKind = 'environment';
  constructor(thrown: unknown) {
    super({
      asked: 'start a thread that encodes',
      found: messageOf(thrown),
      remedy:
        'With little memory, take fewer workers or int8; where a library cannot be loaded, use a system that onnxruntime-node is built for (with glibc, on Linux)',
      cause: thrown,
    });
  }
}

/** The thread that encodes ended twice on the same texts. */
export class EncoderCrashed extends Fault {
  readonly code = 'ENCODER_CRASHED';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly texts: number,
    thrown: unknown,
  ) {
    super({
      asked: `encode ${texts} texts`,
      found: `the worker thread ended twice on them: ${messageOf(thrown)}`,
      remedy: 'Encode them one by one to find the text that does it; with little memory, take fewer workers or int8',
      cause: thrown,
    });
  }
}

/** The model could not be run on these texts. */
export class EncodingFailed extends Fault {
  readonly code = 'ENCODING_FAILED';
  override readonly kind: FaultKind = 'environment';
  constructor(
    readonly texts: number,
    found: string,
  ) {
    super({
      asked: `encode ${texts} texts`,
      found,
      remedy: 'Encode them one by one to find the text that does it; with little memory, take fewer workers or int8',
    });
  }
}

/** An encoder was asked after it had been closed. */
export class EncoderClosed extends Fault {
  readonly code = 'ENCODER_CLOSED';
  constructor() {
    super({ asked: 'encode', found: 'the encoder has been closed', remedy: 'Load another, or close it later' });
  }
}
