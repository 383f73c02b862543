"""Many cooperatives at once: buckets, each evaluated over whole columns, and tables of the outcome.

A run reads a folder of policies, or tables of many cooperatives with the statutes that they follow;
``run`` has the order of its steps.
"""
