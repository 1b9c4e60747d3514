{
  "targets": [
    {
      "target_name": "switchyard",
      "sources": [
        "src/addon.c",
        "src/sys.c",
        "src/socket.c",
        "src/memory.c",
        "src/process.c",
        "src/poll.c",
        "src/pixels.c",
        "src/codecs.c",
        "src/xkb.c"
      ],
      "cflags": ["-O2", "-Wall", "-Wextra", "-std=gnu11", "-fvisibility=hidden"],
      "libraries": ["-ldl"]
    }
  ]
}
