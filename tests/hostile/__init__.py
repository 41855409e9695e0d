"""Who the workbook has to reckon with, as tests: a feature that listens, loads or removes is added.

=================  =============================================================================
a local user       other accounts of the machine, and folders that somebody else has filled
a neighbour        another machine of the same network, which knows a way to this one
a server           whoever answers where `lab --from`, a bundle or a mirror is expected
a registry         whoever answers where a registry is expected
image labels       objects of strangers on the engine, with the workbook's own labels on them
=================  =============================================================================

Each is a module of this folder that plays it; a test names what is tried and shows that it fails.
"""
