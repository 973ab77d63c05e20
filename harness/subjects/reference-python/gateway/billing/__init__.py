"""Billable events on their way: queue, worker, consumer, ledger."""
