import _stitch_host
environ = {}
