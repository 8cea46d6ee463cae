"""The workspace's handle, its keyvault, and who may open it."""
