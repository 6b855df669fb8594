"""A stand-in for Amazon Redshift on one machine: see docs/redshift-local.md."""
