"""What runs in a worker process: applying models, training, transforms.

The process is spawned, never forked; it ends by itself when the service ends.
"""
