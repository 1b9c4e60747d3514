import type {
  ZwpPointerGestureHoldV1Resource,
  ZwpPointerGesturePinchV1Resource,
  ZwpPointerGestureSwipeV1Resource,
  ZwpPointerGesturesV1Requests,
} from '@switchyard/wayland';

/**
 * The zwp_pointer_gestures_v1 global. Pages tell of no touchpad's fingers, only of the scrolling that comes of them, so
 * there is no gesture to be told of: toolkits that want the objects get them, and they stay silent.
 */
export class PointerGestures implements ZwpPointerGesturesV1Requests {
  getSwipeGesture(_: unknown, id: ZwpPointerGestureSwipeV1Resource): void {
    id.implement({ destroy() {} });
  }

  getPinchGesture(_: unknown, id: ZwpPointerGesturePinchV1Resource): void {
    id.implement({ destroy() {} });
  }

  getHoldGesture(_: unknown, id: ZwpPointerGestureHoldV1Resource): void {
    id.implement({ destroy() {} });
  }

  release(): void {}
}
