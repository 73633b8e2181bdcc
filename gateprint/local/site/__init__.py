"""The sign-in page, which is an identity provider, and the pets page: a site beside the cloud."""
