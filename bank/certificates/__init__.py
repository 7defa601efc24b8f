"""Certificates of service: free, for any period, checked by anybody with their code, revoked and made anew but never changed."""
