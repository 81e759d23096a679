"""The traced twin: reads and writes by walking the plan, slowly, and says where each value stood and by which row.

It is the sole maker of mapping findings. Where the compiled code has no doubt, its result is the same.
"""
