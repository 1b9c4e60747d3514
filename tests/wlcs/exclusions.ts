/** Tests of wlcs 1.5.0 that are not run, and why. What needs an extension that the display does not have skips itself. */
export const exclusions: Record<string, string> = {
  'ClientSurfaceEventsTest.frame_timestamp_increases':
    'waits for the release of a buffer that it attached and replaced without a commit',
  'XdgSurfaceStableTest.gets_configure_event':
    'waits for a configure before the first commit, which is what asks for it',
  'XdgShellStableSubsurfaces/SubsurfaceTest.place_below_simple/0':
    'wants neither of two stacked sub-surfaces to have the pointer that is on both',
  'XdgShellStableSubsurfaces/SubsurfaceTest.place_above_simple/0': 'the same',
  'SelfTest.*': 'is about the suite itself, and measures the time that it sleeps',
  '*LayerSurface*': 'there is no layer shell: a session has no panels',
  'LayerShellPopup/*': 'the same',
  'ForeignToplevel*': 'no session sees the windows of others',
  '*layer_shell*': 'the same',
  '*V6*': 'the shell before xdg_wm_base; nobody binds it any more',
  '*unstable_v6*': 'the same',
  'TouchInputSubsurfaces/*': 'the same',
  'WlShellSubsurfaces/*': 'the shell before that',
  'GtkPrimarySelection.*': 'replaced by zwp_primary_selection_device_manager_v1',
};
