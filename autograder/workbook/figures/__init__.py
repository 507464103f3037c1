"""Drawings and measurements that belong to one chapter."""
