"""Video in and out, in a process of its own: RTSP from cameras, fragmented MP4 to browsers."""
