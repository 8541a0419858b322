// Cannot be imported.
throw new URIError('this module cannot be imported');
