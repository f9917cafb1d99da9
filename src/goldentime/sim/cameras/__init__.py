"""Simulated cameras: film drawn by our own code or clips, served strictly by RTSP."""
