"""How somebody proves who he is: PINs, signing in, API tokens."""
